"""Columns and types of the output where its format differs from the input's."""

from typing import Any

from quotestance.batch.formats import Kind
from quotestance.batch.jsonlines import JsonRows
from quotestance.batch.source import Source
from quotestance.errors import InputFormatError


def field_names(source: Source) -> list[str]:
    """Return the names of the input's columns, each once; of JSON Lines, every key of any line.

    Reads JSON Lines from end to end. Raises InputFormatError where two columns share a name.
    """
    if source.format.kind is Kind.JSONL:
        keys: dict[str, None] = {}
        for chunk in source.chunks():
            for row in chunk.rows.dicts():
                keys |= dict.fromkeys(row)
        return list(keys or {source.column: None})
    parquet = source.format.kind is Kind.PARQUET
    names = list(source.schema().names if parquet else source.header().names)
    if twice := {name for name in names if names.count(name) > 1}:
        raise InputFormatError(
            f"{source.files[0].name} has two columns named {min(twice)!r}: rename one"
        )
    return names


def output_schema(source: Source) -> tuple[Any, Any]:
    """Return the Arrow schemas of the input's rows and of the output's."""
    import pyarrow as pa

    if source.format.kind is Kind.PARQUET:
        rows = source.schema()
    elif source.format.kind is Kind.JSONL:
        rows = _inferred(source)
    else:
        rows = pa.schema([(name, pa.string()) for name in field_names(source)])
    output = rows
    labels = {name.removesuffix("_score") for name in source.added if name.endswith("_score")}
    for name in source.added:
        output = output.append(pa.field(name, pa.string() if name in labels else pa.float32()))
    return rows, output


def _inferred(source: Source) -> Any:  # noqa: ANN401
    """Return a schema that every line fits; reads the input from end to end."""
    import pyarrow as pa

    schema = pa.schema([])
    names: dict[str, None] = {}
    for chunk in source.chunks():
        if not isinstance(chunk.rows, JsonRows):
            continue
        rows = chunk.rows.typed()
        keys = list(dict.fromkeys(key for row in rows for key in row))
        names |= dict.fromkeys(keys)
        try:
            part = _schema_of(rows, keys)
            schema = pa.unify_schemas([schema, part], promote_options="permissive")
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise InputFormatError(
                f"rows {chunk.first_row + 1} and following do not fit one type a column: "
                f"{error}; write .jsonl instead"
            ) from error
    if not names:
        return pa.schema([(source.column, pa.string())])
    return pa.schema([_text_if_null(schema.field(name)) for name in names])


def _schema_of(rows: list[dict[str, Any]], names: list[str]) -> Any:  # noqa: ANN401
    """Return the schema of the rows."""
    import pyarrow as pa

    return pa.schema(
        [pa.field(name, pa.array([row.get(name) for row in rows]).type) for name in names]
    )


def _text_if_null(field: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa

    return pa.field(field.name, pa.string()) if pa.types.is_null(field.type) else field
