"""Runs the Python examples of the documentation as they are written there."""

import pathlib
import re
import subprocess
import sys


def run_example(document, marker, folder, **replacements):
    """Runs the one block of docs/`document` that contains `marker`, in a folder with its files; returns what it prints."""
    text = (pathlib.Path(__file__).parent.parent / "docs" / document).read_text()
    blocks = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if marker in block]
    assert len(blocks) == 1, f"docs/{document} has {len(blocks)} examples with '{marker}'"
    code = blocks[0]
    for old, new in replacements.values():
        assert old in code, f"docs/{document}: '{old}' is not in the example"
        code = code.replace(old, new)
    result = subprocess.run([sys.executable, "-B", "-c", code], cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, f"docs/{document}, the example with '{marker}': {result.stderr}"
    return result.stdout
