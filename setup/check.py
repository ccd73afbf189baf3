"""What setup/test and setup/run have to find out from files: each command prints lines for the shell or for a person.

    check.py depends                 the modules that our addons need, comma separated
    check.py fingerprint             two hashes of our addons' sources: "all" and "shape"
    check.py hashes                  the first of them for each addon, as addon=hash
    check.py doctests FOLDER…        Python files outside of tests that contain doctests
    check.py log FILE                problems in a log of Odoo that are ours; exit code 1 if there are any
    check.py native FILE             the same, and the number of tests; exit code 1 on failures or when none ran
    check.py test_lint FILE          the failures of test_lint that concern our addons
    check.py pytest FILE SKIPS_OK    the figures of a JUnit file, and the skips that are not allowed
"""
import ast
import hashlib
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

TOP = Path(__file__).resolve().parent.parent
ADDONS = ("kam_management", "kam_scoring", "kam_reports")
OURS = re.compile(r"kam_(management|scoring|reports)|\bkam\.[a-z]")
RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>[^:]+): (?P<text>.*)", re.S)
# What never reaches a database.
NOT_INSTALLED = {"tests", "static", "readme", "__pycache__"}
NOT_INSTALLED_SUFFIXES = {".pyc", ".pot", ".md", ".toml"}
# Logged as an error by Odoo's test browser when a page still loads something while the finished test closes it.
HARMLESS = re.compile(r"^Error received after termination")


def depends():
    needed = {"sale_management"}
    for addon in ADDONS:
        manifest = TOP / addon / "__manifest__.py"
        if manifest.exists():
            needed.update(ast.literal_eval(manifest.read_text()).get("depends", ()))
    return sorted(needed - set(ADDONS))


def _shape(source):
    """The source without what stands inside of functions: fields, constraints and decorators stay."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = [ast.Pass()]
    return ast.dump(tree)


def fingerprint(addons=ADDONS):
    """Two hashes: of all that an installation reads, and of what decides about tables, fields and records.

    They differ by function bodies. A database with the same shape still fits the code, though stored values may come
    from older code: good enough for the inner loop, not for a full run.
    """
    everything, shape = hashlib.sha256(), hashlib.sha256()
    for addon in addons:
        for path in sorted((TOP / addon).rglob("*")):
            relative = path.relative_to(TOP)
            if not path.is_file() or NOT_INSTALLED & set(relative.parts) or path.suffix in NOT_INSTALLED_SUFFIXES:
                continue
            content = path.read_bytes()
            everything.update(f"{relative}\0".encode() + content)
            if path.suffix == ".py" and not {"demo", "migrations"} & set(relative.parts) and path.name != "hooks.py":
                try:
                    content = _shape(content).encode()
                except SyntaxError:
                    pass  # Odoo will tell it better.
            shape.update(f"{relative}\0".encode() + content)
    return everything.hexdigest()[:12], shape.hexdigest()[:12]


def doctests(folders):
    return [
        path for folder in folders for path in sorted(Path(folder).rglob("*.py"))
        if "tests" not in path.parts and ">>> " in path.read_text()
    ]


def records(path):
    """The records of a log of Odoo as (level, logger, text), lines of tracebacks included."""
    current = []
    for line in [*Path(path).read_text(errors="replace").splitlines(), None]:
        if line is None or RECORD.match(line):
            if current and (match := RECORD.match("\n".join(current))):
                yield match.groups()
            current = []
        if line is not None:
            current.append(line)


def problems(path):
    """Errors of anybody, and warnings that have to do with us."""
    found = []
    for level, logger, text in records(path):
        # A warning of Python belongs to the line it names; below it stand all callers.
        about = text.splitlines()[0] if logger == "py.warnings" else f"{logger} {text}"
        if (level in ("ERROR", "CRITICAL") or level == "WARNING" and OURS.search(about)) and not HARMLESS.search(text):
            found.append(f"{level} {logger}: {text}")
    return found


def log(path):
    found = problems(path)
    for problem in found:
        print("\n".join(problem.splitlines()[:60]))
    return bool(found)


def native(path):
    counts = re.findall(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", Path(path).read_text(errors="replace"))
    failed, errors, total = (sum(map(int, column)) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    found = log(path)
    print(f"{total} tests, {failed + errors} failed")
    return bool(found or failed or errors or not total)


def test_lint(path):
    ran = re.search(r"error\(s\) of ([1-9]\d*) tests", Path(path).read_text(errors="replace"))
    ours = [text for level, _logger, text in records(path) if level in ("ERROR", "CRITICAL") and OURS.search(text)]
    for text in ours:
        # A check lists everything it found in all of Odoo: show its name and the lines about us.
        lines = text.splitlines()
        print("\n".join([lines[0], *(line for line in lines[1:] if OURS.search(line))]))
    print(f"{len(ours)} complaints about our addons" if ran else "test_lint did not run")
    return bool(ours) or not ran


def pytest(path, skips_ok):
    suites = ElementTree.parse(path).getroot().findall("testsuite")
    total, failed, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped"))
    forbidden = []
    for suite in suites:
        for case in suite.findall("testcase"):
            for skip in case.findall("skipped"):
                reason = skip.get("message") or skip.text or ""
                # What needs an app of Odoo that this database does without says so.
                if skips_ok != "yes" and not any(
                        allowed in reason.lower() for allowed in ("shared data", "is not installed")):
                    forbidden.append(f"skipped: {case.get('classname')}.{case.get('name')}: {reason}")
    print(*forbidden, sep="\n", end="\n" if forbidden else "")
    print(f"{total - failed - errors - skipped} passed, {failed + errors} failed"
          + (f", {skipped} skipped" if skipped else ""))
    return bool(forbidden)


def main(command, *arguments):
    if command == "depends":
        print(",".join(depends()))
    elif command == "fingerprint":
        print(*fingerprint())
    elif command == "hashes":
        print(*(f"{addon}={fingerprint([addon])[0]}" for addon in ADDONS))
    elif command == "doctests":
        print(*doctests(arguments), sep="\n")
    elif command in ("log", "native", "test_lint", "pytest"):
        return int(globals()[command](*arguments))
    else:
        return __doc__
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
