"""Every error the package raises: one root, each leaf also the builtin a caller would catch."""


class QuotestanceError(Exception):
    """Root of all errors of this package."""


class InvalidStatementError(QuotestanceError, ValueError):
    """A statement that is blank, `None` or not text; the message names its index."""


class InvalidTargetError(QuotestanceError, ValueError):
    """A target name that is blank or not text, an empty target list, or two equal column names."""


class InvalidAbstentionError(QuotestanceError, ValueError):
    """A coverage level that the saved pipeline has no threshold for."""


class ModelError(QuotestanceError):
    """Root of the faults of a saved pipeline."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """No saved pipeline at the path, or one of its files is missing."""


class ModelIntegrityError(ModelError, ValueError):
    """A file of the saved pipeline differs from the hash in its `config.json`."""


class ModelConfigError(ModelError, ValueError):
    """`config.json` is not readable, lacks a field, or has an unknown schema or label order."""


class ModelGraphError(ModelError, ValueError):
    """`model.onnx` does not open, or its inputs, outputs or widths are not the config's."""


class InputError(QuotestanceError):
    """Root of the faults of an input file."""


class InputNotFoundError(InputError, FileNotFoundError):
    """The input does not exist or vanished."""


class InputFormatError(InputError, ValueError):
    """The input's suffix, structure or encoding cannot be read."""


class ColumnNotFoundError(InputError, KeyError):
    """The input has no such column."""

    def __str__(self) -> str:
        # KeyError shows its argument's repr; a one-line message is wanted.
        return str(self.args[0]) if self.args else ""


class OutputError(QuotestanceError, OSError):
    """The output cannot be written, or would overwrite an input."""


class ResumeError(QuotestanceError, ValueError):
    """An unfinished run that does not belong to this input, model or options."""


class MissingExtraError(QuotestanceError, ImportError):
    """A feature that needs an optional dependency; the message names the extra to install."""
