// Unpacks the program into the interpreter of the browser, compiles it and its rules there, and packs it again:
// node bundle.mjs PYODIDE STAGE.zip OUT.zip. The byte code, and the name under which the checked rules are looked for,
// depend on the interpreter.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

// The stack of an uncaught error would print the whole of the interpreter, which is one line.
process.on("uncaughtException", (error) => { console.error(error.message); process.exit(1); });
const [folder, stage, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder });
python.unpackArchive(new Uint8Array(readFileSync(stage)), "zip", { extractDir: "/app" });
python.runPython(`
import compileall, io, os, py_compile, sys, zipfile
from pathlib import Path

sys.path.insert(0, "/app")
os.environ["XDG_CACHE_HOME"] = "/app/compiled"
sys.dont_write_bytecode = True
import engine
from recommender.knowledge import cache

def read(key, usual=cache.read_entry):
    (cache.cache_folder() / "entry").rename(cache.cache_folder() / f"{key}{cache.ENDING}")
    found = usual(key)
    assert found, "the checked rules were not taken"
    return found

cache.read_entry = read
engine.Engine()
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for path in sorted(Path("/app").iterdir()):
    ours = path.name in ("recommender", "engine.py")
    compiled = compileall.compile_dir if path.is_dir() else compileall.compile_file
    assert compiled(path, quiet=1, invalidation_mode=mode, stripdir="/app", legacy=not ours)
    # The program reads its own source, for the key of the rules; that of the packages is not needed.
    for source in () if ours else [path, *path.rglob("*.py")]:
        if source.suffix == ".py":
            source.unlink()
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for path in sorted(Path("/app").rglob("*")):
        if path.is_file():
            entry = zipfile.ZipInfo(str(path.relative_to("/app")), (2026, 1, 1, 0, 0, 0))
            entry.external_attr = (path.stat().st_mode & 0o755) << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
`);
writeFileSync(out, python.runPython("packed.getvalue()").toJs());
