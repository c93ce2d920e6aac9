#!/usr/bin/env python3
"""Finds import circles: modules of a crate that need each other, directly or through others.

A module is a file. It imports what its `use crate::…`, `use super::…` and paths in its code name; a name that a module
passes on with `pub use` counts for the module that declares it. Code under `#[cfg(test)]` does not count.

    .ci/import_circles.py             checks every crate against MOST
    .ci/import_circles.py CRATE…      prints the circles of these crates, each module with what it imports of its circle
"""

import re
import sys
from pathlib import Path

# How many modules of a crate may stand in circles. A number may fall, and then has to fall here too; it never rises.
MOST = {
    "plugin": 28,
    "plugin/derive": 4,
    "alibaba": 2,
    "reconciler": 11,
    "baseline": 47,
    "plan-check": 0,
    "provider": 35,
    "cli": 2,
    "mock-cloud": 88,
    "test-kit": 4,
    "acceptance-tests": 4,
}

ROOT = Path(__file__).resolve().parent.parent
STRING = re.compile(r'r(#*)".*?"\1|b?"(?:\\.|[^"\\])*"|\'(?:\\.[^\']*|[^\'\\])\'', re.S)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
MODULE = re.compile(r'((?:#\[[^\]]*\]\s*)*)(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*([;{])')
USE = re.compile(r"\b(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);")
PATH = re.compile(r"\b(?:crate|super|self)(?:\s*::\s*\w+)+")


def without_text(source):
    """The source with its comments and the content of its strings blanked, at the same positions."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    token = re.compile(f"(?P<comment>{COMMENT.pattern})|(?P<string>{STRING.pattern.replace(chr(92) + '1', chr(92) + '3')})", re.S)
    return token.sub(blank, source)


def block_end(text, opening):
    """The position after the brace that closes the one at `opening`."""
    depth = 0
    for at in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)


def without_tests(text):
    """The text without items under `#[cfg(test)]` and the like."""
    while match := re.search(r"#\[cfg\((?:test|all\(test[^\]]*)\)\]", text):
        semicolon, brace = text.find(";", match.end()), text.find("{", match.end())
        if brace != -1 and (semicolon == -1 or brace < semicolon):
            end = block_end(text, brace)
        else:
            end = semicolon + 1 if semicolon != -1 else len(text)
        text = text[: match.start()] + text[end:]
    return text


def flat(tree):
    """The paths of a `use`, as lists of segments with the name that each gets."""
    tree = tree.strip()
    brace = tree.find("{")
    if brace == -1:
        path, _, name = tree.partition(" as ")
        segments = [part.strip() for part in path.split("::") if part.strip()]
        return [(segments, name.strip() or (segments[-1] if segments else ""))]
    head = [part.strip() for part in tree[:brace].split("::") if part.strip()]
    parts, depth, start, inner = [], 0, 0, tree[brace + 1 : tree.rfind("}")]
    for at, letter in enumerate(inner):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(inner[start:at])
            start = at + 1
    parts.append(inner[start:])
    found = []
    for part in filter(str.strip, parts):
        for segments, name in flat(part):
            if segments == ["self"]:
                segments, name = [], head[-1] if name == "self" and head else name
            found.append((head + segments, name))
    return found


class Module:
    """A file of a crate."""

    def __init__(self, path, names):
        self.path, self.names = path, names
        self.children = {}
        self.passed_on = {}
        self.globs = []
        self.paths = []
        self.text = ""


class Crate:
    """The modules of a crate, by their names from its root."""

    def __init__(self, root):
        self.modules = {}
        self.load(root, ())

    def load(self, path, names):
        raw = path.read_text()
        # Positions are the same in both, so that attributes keep their paths.
        text = without_tests(without_text(raw))
        module = Module(path, names)
        self.modules[names] = module
        folder = path.parent if path.stem in ("lib", "main", "mod") else path.with_suffix("")
        for attributes, name, opening in MODULE.findall(text):
            if opening == "{":
                continue
            own = re.search(r'#\[path\s*=\s*"([^"]+)"\]\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+' + name + r"\s*;", raw)
            places = [path.parent / own.group(1)] if own else [folder / f"{name}.rs", folder / name / "mod.rs"]
            for place in filter(Path.exists, places):
                module.children[name] = names + (name,)
                self.load(place, names + (name,))
        for public, tree in USE.findall(text):
            for segments, name in flat(re.sub(r"\s+", " ", tree)):
                if not segments:
                    continue
                module.paths.append(segments)
                if segments[-1] == "*":
                    module.globs.append(segments[:-1])
                else:
                    # Also names that are only imported: `super::Name` may mean one of them.
                    module.passed_on[name] = segments
        module.text = USE.sub(" ", text)
        module.paths += [re.split(r"\s*::\s*", found) for found in PATH.findall(module.text)]
        # Paths that begin with a child, or with a module that was imported.
        for name in {*module.children, *module.passed_on}:
            items = re.findall(rf"(?<![:\w]){re.escape(name)}::(\w+(?:::\w+)*)", module.text)
            module.paths += [["self", name, *item.split("::")] for item in items]

    def resolve(self, names, segments, seen=()):
        """The module that declares what a path of the module `names` names; None for another crate, and for a module as a
        whole: what is used of it says more."""
        if (names, tuple(segments)) in seen:
            return None
        seen = (*seen, (names, tuple(segments)))
        here, rest = names, list(segments)
        if rest[0] == "crate":
            here, rest = (), rest[1:]
        elif rest[0] in ("self", "super"):
            while rest and rest[0] in ("self", "super"):
                here = here[:-1] if rest[0] == "super" else here
                rest = rest[1:]
        elif rest[0] not in self.modules[names].children:
            return None
        while rest and here in self.modules:
            module = self.modules[here]
            if rest[0] in module.children:
                here, rest = module.children[rest[0]], rest[1:]
                continue
            if rest[0] in module.passed_on:
                target = module.passed_on[rest[0]]
                known = target[0] in ("crate", "self", "super") or target[0] in module.children
                return self.resolve(here, target + rest[1:], seen) if known else None
            for glob in module.globs:
                found = self.declared(here, glob, rest[0], seen)
                if found is not None:
                    return found
            break
        return here if rest and here in self.modules else None

    def module_at(self, names, segments):
        """The module that a path names as a whole."""
        marker = ["?"]
        return self.resolve(names, segments + marker)

    def declared(self, names, glob, name, seen):
        """The module behind a glob, if it declares the name or passes it on."""
        behind = self.module_at(names, glob)
        if behind is None or behind == names:
            return None
        module = self.modules[behind]
        if name in module.passed_on or name in module.children:
            return self.resolve(behind, ["self", name], seen)
        item = rf"\b(?:fn|struct|enum|trait|type|const|static|union|macro_rules!)\s+{name}\b"
        return behind if re.search(item, module.text) else None

    def imports(self):
        graph = {}
        for names, module in self.modules.items():
            targets = {self.resolve(names, path) for path in module.paths if path[-1] != "*"}
            targets |= {self.module_at(names, glob) for glob in module.globs}
            graph[names] = targets - {None, names}
        return graph


def circles(graph):
    """The strongly connected components of more than one node (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in graph[node]:
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            at = stack.index(node)
            component = stack[at:]
            del stack[at:]
            if len(component) > 1:
                found.append(sorted(component))

    sys.setrecursionlimit(10_000)
    for node in graph:
        if node not in index:
            visit(node)
    return sorted(found, key=len, reverse=True)


def crates():
    """The crates of the workspace with a library or program, by folder."""
    manifest = (ROOT / "Cargo.toml").read_text()
    members = re.search(r"^members\s*=\s*\[([^\]]*)\]", manifest, re.M).group(1)
    for member in re.findall(r'"([^"]+)"', members):
        for root in ("lib.rs", "main.rs"):
            if (ROOT / member / "src" / root).exists():
                yield member, ROOT / member / "src" / root
                break


def shown(names):
    return "::".join(names) or "(root)"


def main():
    failed = False
    for member, root in crates():
        if sys.argv[1:] and member not in sys.argv[1:]:
            continue
        graph = Crate(root).imports()
        found = circles(graph)
        count = sum(map(len, found))
        if sys.argv[1:]:
            print(f"{member}: {count} of {len(graph)} modules in {len(found)} circles")
            for circle in found:
                print()
                for names in circle:
                    print(f"  {shown(names)} -> {', '.join(shown(to) for to in sorted(graph[names] & set(circle)))}")
            continue
        most = MOST.get(member, 0)
        print(f"{member}: {count} of {len(graph)} modules in {len(found)} circles, {most} allowed")
        if count > most:
            failed = True
            print(f"  more than before: see {Path(__file__).name} {member}")
        elif count < most:
            failed = True
            print(f"  fewer than before: lower MOST[{member!r}] to {count}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
