import plotly.graph_objects as go

from scdyn_core.export.figure_data import figure_data


def test_points_and_lines_are_one_row_each():
    figure = go.Figure(
        [go.Scatter(x=[1, 2], y=[3, 4], name="a"), go.Scatter(x=[5], y=[6], text=["seven"])]
    )
    rows = figure_data(figure)
    assert rows["trace"].tolist() == ["a", "a", "scatter 2"]
    assert rows["y"].tolist() == [3, 4, 6]
    assert rows["text"].tolist()[2] == "seven"


def test_a_heat_map_is_one_row_per_cell_with_its_labels():
    figure = go.Figure(go.Heatmap(x=["p", "q", "r"], y=["u", "v"], z=[[1, 2, 3], [4, 5, 6]]))
    rows = figure_data(figure)
    assert rows[["x", "y", "z"]].values.tolist() == [
        ["p", "u", 1], ["q", "u", 2], ["r", "u", 3], ["p", "v", 4], ["q", "v", 5], ["r", "v", 6],
    ]  # fmt: skip


def test_an_empty_figure_has_no_rows():
    assert len(figure_data(go.Figure())) == 0


def test_traces_without_points_or_values_have_no_say_in_the_columns():
    figure = go.Figure(
        [
            go.Scatter(x=[], y=[], name="empty"),
            go.Scatter(x=[None], y=[None], name="for the legend"),
            go.Scatter(x=[1.5], y=[2], text=["a"], name="whole"),
        ]
    )
    data = figure_data(figure)
    assert data.columns.tolist() == ["trace", "x", "y", "text"]
    assert data.iloc[-1].tolist() == ["whole", 1.5, 2, "a"]
    assert "empty" not in set(data["trace"])
