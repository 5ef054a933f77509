"""The base of all models."""

from typing import get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

#: The most words in a list of words that are looked for in texts.
MOST_WORDS = 500

#: The context of a validation that keeps what is valid of a wrong mapping, so that it can be checked too.
PARTLY = "partly"
_WITH_EMPTY = (str, list, dict)


class Strict(BaseModel):
    """A model that refuses keys which it does not know.

    Validated with the context ``PARTLY``, it leaves them out. A wrong value then counts as its default, and a wrong or
    missing one without default as empty: "", [] or {}. Only where nothing is empty, as for a date, it is an error.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        # Build only the validators that are used: those of whole files.
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _with_each_key(cls, value: object, info: ValidationInfo) -> object:
        if info.context is not PARTLY or not isinstance(value, dict):
            return value
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return {key: value.get(key) for key, field in fields.items() if key in value or field.is_required()}

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_empty(cls, value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
        if info.context is not PARTLY:
            return check(value)
        try:
            return check(value)
        except ValidationError:
            field = cls.model_fields[info.field_name or ""]
            if not field.is_required():
                return field.get_default()
            kind = get_origin(field.annotation) or field.annotation
            if kind in _WITH_EMPTY:
                return kind()
            raise


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
