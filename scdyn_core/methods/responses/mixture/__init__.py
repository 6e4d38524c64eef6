"""A mixture of response templates that knows how well every mean was measured."""
