#!/usr/bin/env python3
"""The libraries of others that released programs contain.

    scripts/third-party.py SCRATCH list              their names, versions and licenses
    scripts/third-party.py SCRATCH licenses          the texts of their licenses, and their notices
    scripts/third-party.py SCRATCH sbom VERSION      a software bill of materials (CycloneDX 1.6)

SCRATCH is the build folder of the programs, in which SwiftPM has the sources of its packages.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

APACHE = "Apache-2.0"
SWIFT = "Apache-2.0 WITH Swift-exception"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def compiler_library():
    """The Swift runtime."""
    version = re.search(r"Swift version (\S+)", output("swift", "--version"))[1]
    folder = Path(os.path.realpath(shutil.which("swift"))).parent.parent
    return {
        "name": "swift", "version": version, "license": SWIFT,
        "texts": [folder / "share/swift/LICENSE.txt"],
        "purl": f"pkg:github/swiftlang/swift@swift-{version}-RELEASE",
    }


def system_library(package, name, license):
    """A library whose archive Debian's `package` has."""
    version = output("dpkg-query", "--show", "--showformat", "${Version}", package)
    source = output("dpkg-query", "--show", "--showformat", "${source:Package}", package)
    return {
        "name": name, "version": version, "license": license,
        "texts": [Path(f"/usr/share/doc/{package}/copyright")],
        "purl": f"pkg:deb/debian/{source}@{version}",
    }


def packages(scratch):
    """The Swift packages that SwiftPM resolved."""
    for pin in json.loads(Path("Package.resolved").read_text())["pins"]:
        folder = scratch / "checkouts" / pin["identity"]
        if not folder.is_dir():
            continue
        texts = [folder / name for name in ("LICENSE.txt", "LICENSE", "NOTICE.txt")]
        repository = pin["location"].removesuffix(".git").removeprefix("https://github.com/")
        yield {
            "name": pin["identity"], "version": pin["state"]["version"], "license": APACHE,
            "texts": [text for text in texts if text.is_file()],
            "purl": f"pkg:swift/github.com/{repository}@{pin['state']['version']}",
            "revision": pin["state"]["revision"],
        }


def libraries(scratch):
    found = [
        compiler_library(),
        system_library("libutf8proc-dev", "utf8proc", "MIT AND Unicode-DFS-2015"),
        system_library("libssl-dev", "libcrypto", APACHE),
        *packages(scratch),
    ]
    for library in found:
        if not library["texts"]:
            sys.exit(f"{library['name']} has no license file: add the name of its file to scripts/third-party.py")
    return found


def listed(scratch):
    for library in libraries(scratch):
        print(f"{library['name']} {library['version']}: {library['license']}")


def licenses(scratch):
    """Each text once, after the libraries that have it."""
    holders = {}
    for library in libraries(scratch):
        for text in library["texts"]:
            holders.setdefault(text.read_text().strip(), []).append(f"{library['name']} {library['version']}")
    for text, names in holders.items():
        print(", ".join(names), text, sep="\n\n", end="\n\n" + "-" * 72 + "\n\n")


def component(library):
    entry = {
        "type": "library", "bom-ref": library["purl"], "name": library["name"],
        "version": library["version"], "purl": library["purl"],
    }
    # CycloneDX takes one identifier, or an expression.
    is_expression = " " in library["license"]
    entry["licenses"] = [
        {"expression": library["license"]} if is_expression else {"license": {"id": library["license"]}}
    ]
    if "revision" in library:
        entry["properties"] = [{"name": "git:revision", "value": library["revision"]}]
    return entry


def sbom(scratch, version):
    model = Path("models/english.safetensors")
    reference = f"pkg:generic/charlm@{version}"
    components = [component(library) for library in libraries(scratch)]
    components.append({
        "type": "machine-learning-model", "bom-ref": "english", "name": "english", "version": version,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(model.read_bytes()).hexdigest()}],
        "licenses": [{"license": {"id": APACHE}}],
    })
    print(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": reference, "name": "charlm", "version": version,
            "purl": reference, "licenses": [{"license": {"id": APACHE}}],
        }},
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [entry["bom-ref"] for entry in components]}],
    }, indent=2))


def main(scratch, what, *arguments):
    {"list": listed, "licenses": licenses, "sbom": sbom}[what](Path(scratch), *arguments)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
