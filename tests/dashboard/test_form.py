"""The form generated from a model: its widgets, its errors and its presets."""

import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from dashboard._ui.form_widgets import from_state, to_state
from scdyn_core.preprocess.steps.windows import Windows
from tests.dashboard.opening import unfold


def form_page() -> None:
    from typing import Literal

    import streamlit as st
    from pydantic import BaseModel, ConfigDict, Field, model_validator

    from dashboard._ui.form import model_form

    class Weights(BaseModel):
        model_config = ConfigDict(frozen=True, extra="forbid")
        reconstruction: float = Field(1.0, ge=0, le=10, description="weight of the reconstruction")

    class Config(BaseModel):
        model_config = ConfigDict(frozen=True, extra="forbid")
        kind: Literal["example"] = "example"
        latents: int = Field(3, ge=1, le=8, description="latent dimensions")
        rate: float = Field(1e-3, gt=0, le=1, json_schema_extra={"unit": "1/epoch", "term": "eta"})
        activation: Literal["elu", "tanh"] = "elu"
        functions: tuple[Literal["sin", "cos"], ...] = ("sin",)
        widths: tuple[int, ...] = Field((64, 32), min_length=1)
        patience: int | None = Field(None, ge=1)
        centred: bool = Field(True, json_schema_extra={"advanced": True})
        weights: Weights = Weights()

        @model_validator(mode="after")
        def _narrow(self) -> "Config":
            if self.widths and min(self.widths) < self.latents:
                raise ValueError("widths must not be below the latents")
            return self

    start = Config(latents=2) if st.session_state.get("preset") == "two" else Config()
    st.session_state["result"] = model_form(Config, start, key="form")


@pytest.fixture
def page() -> AppTest:
    page = AppTest.from_function(form_page).run()
    assert not page.exception
    return page


def result(page: AppTest) -> object:
    return page.session_state["result"]


def test_untouched_form_gives_the_initial_model(page: AppTest) -> None:
    config = result(page)
    assert (config.latents, config.widths, config.functions) == (3, (64, 32), ("sin",))
    assert config.patience is None
    assert config.weights.reconstruction == 1.0


def test_every_kind_of_field_can_be_changed(page: AppTest) -> None:
    unfold(page, "form/advanced")
    page.number_input(key="form/latents").set_value(5)
    page.number_input(key="form/patience").set_value(7)
    page.number_input(key="form/weights.reconstruction").set_value(2.5)
    page.selectbox(key="form/activation").set_value("tanh")
    page.multiselect(key="form/functions").set_value(["sin", "cos"])
    page.text_input(key="form/widths").set_value("128, 16; 8")
    page.toggle(key="form/centred").set_value(False)
    page.run()
    config = result(page)
    assert config.model_dump() == {
        "kind": "example",
        "latents": 5,
        "rate": 1e-3,
        "activation": "tanh",
        "functions": ("sin", "cos"),
        "widths": (128, 16, 8),
        "patience": 7,
        "centred": False,
        "weights": {"reconstruction": 2.5},
    }


def test_bounds_units_and_the_papers_name_reach_the_widget(page: AppTest) -> None:
    latents = page.number_input(key="form/latents")
    assert (latents.min, latents.max) == (1, 8)
    rate = page.number_input(key="form/rate")
    assert rate.label == "Rate (1/epoch)"
    assert "eta" in rate.help


def test_advanced_fields_fold_away(page: AppTest) -> None:
    assert not page.toggle
    assert result(page).centred
    unfold(page, "form/advanced")
    assert [toggle.key for toggle in page.expander[0].toggle] == ["form/centred"]


def test_what_was_set_stays_when_it_is_folded_away(page: AppTest) -> None:
    unfold(page, "form/advanced")
    page.toggle(key="form/centred").set_value(False).run()
    page.session_state["form/advanced"] = False
    page.run()
    assert not page.toggle
    assert not result(page).centred


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("64, many", "Write whole numbers, separated by commas."),
        ("", "Needs 1 or more values."),
        ("2", "Widths must not be below the latents."),
    ],
)
def test_a_wrong_value_is_explained_and_gives_nothing(
    page: AppTest, text: str, message: str
) -> None:
    page.text_input(key="form/widths").set_value(text).run()
    assert result(page) is None
    assert [error.value for error in page.error] == [message]


def test_an_open_bound_is_explained(page: AppTest) -> None:
    page.number_input(key="form/rate").set_value(0.0).run()
    assert [error.value for error in page.error] == ["Must be more than 0."]


def test_another_preset_starts_the_form_anew(page: AppTest) -> None:
    page.number_input(key="form/latents").set_value(6).run()
    page.session_state["preset"] = "two"
    page.run()
    assert page.number_input(key="form/latents").value == 2
    assert result(page).latents == 2


def test_what_a_preset_replaced_can_be_brought_back(page: AppTest) -> None:
    page.text_input(key="form/widths").set_value("32, 16").run()
    page.session_state["preset"] = "two"
    page.run()
    assert result(page).widths == (64, 32)
    (back,) = [button for button in page.button if button.key == "form/bring_back"]
    assert back.label == "Bring back 1 changed setting"
    back.click().run()
    assert (result(page).latents, result(page).widths) == (2, (32, 16))
    assert "form/bring_back" not in [button.key for button in page.button]


def test_nothing_is_offered_where_nothing_was_changed(page: AppTest) -> None:
    page.session_state["preset"] = "two"
    page.run()
    assert not page.button


def test_pairs_are_written_one_on_a_line_and_read_back() -> None:
    annotation = Windows.model_fields["transitions"].annotation
    pairs = (("Ductal", "Alpha, early"), ("Alpha, early", "Beta"))
    shown = to_state(pairs, annotation)
    assert shown == "Ductal > Alpha, early\nAlpha, early > Beta"
    assert Windows(transitions=from_state(f"{shown}\n\n", annotation)).transitions == pairs
    with pytest.raises(ValidationError):
        Windows(transitions=from_state("Ductal", annotation))
