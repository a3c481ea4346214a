"""Cells of a CSV file, as a spreadsheet takes them."""

# Where Chinese, Japanese or Korean is written, the wide signs count as well.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
