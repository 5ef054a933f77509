"""The base of all models."""

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

#: The most words in a list of words that are looked for in texts.
MOST_WORDS = 500


class Strict(BaseModel):
    """A model that refuses keys which it does not know."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        # Build only the validators that are used: those of whole files.
        defer_build=True,
    )


# A list whose items are all commented out counts as empty.
ABSENT_IS_EMPTY = BeforeValidator(lambda value: [] if value is None else value)


class _OneIsSeveral:
    """A list. A single item may be written without brackets."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, written: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(written)
        return {"anyOf": [several["items"], several]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


ONE_IS_SEVERAL = _OneIsSeveral()
