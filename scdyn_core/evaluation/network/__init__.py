"""Gene regulatory networks: estimators to compare with, and scores of any estimate."""
