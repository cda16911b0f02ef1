#!/usr/bin/env python3
"""Is the answer of Python mcpcap contained in the shape of ours?

usage: original.py [--bin build/mcpcap] ANSWERS CORPUS

ANSWERS holds what the original answered, CORPUS the captures.  For every
answer each key is looked up in ours, at the same place and of the same type;
of lists of objects all members' keys together (a key may be absent where the
value is empty or null in the original).  Values are not compared: surface.md,
section 4, says where the original is wrong.  Prints what is missing, then
`N passed, N failed`.
"""
import argparse, collections, json, os, subprocess, sys

FREE = {"transactions", "echo_pairs", "icmp_type_counts", "headers",
        "message_type_counts", "methods", "response_classes", "transports",
        "by_connection", "by_source", "options", "by_category"}


def kind(v):
    if isinstance(v, bool):
        return "bool"
    if isinstance(v, (int, float)) or isinstance(v, dict) and \
            "__EDecimal__" in v:
        return "number"
    return type(v).__name__


def merge(rows):
    """A list of objects as one object with every key of any of them."""
    out = {}
    for r in rows:
        if isinstance(r, dict):
            for k, v in r.items():
                if k not in out or out[k] in (None, "", [], {}):
                    out[k] = v
    return out


def compare(theirs, ours, path, missing):
    n = 0
    if isinstance(theirs, dict):
        for k, v in theirs.items():
            if v in (None, "", [], {}):
                continue
            here = path + "." + k
            n += 1
            if k not in ours:
                missing[here + " absent"] += 1
                continue
            if kind(v) != kind(ours[k]) and ours[k] is not None:
                missing["%s is %s, was %s" % (here, kind(ours[k]),
                                              kind(v))] += 1
                continue
            if k in FREE or kind(v) == "number":
                continue
            n += compare(v, ours[k], here, missing)
    elif isinstance(theirs, list) and theirs and ours:
        if isinstance(theirs[0], dict):
            n += compare(merge(theirs), merge(ours), path + "[]", missing)
        else:
            n += 1
            if kind(theirs[0]) != kind(ours[0]):
                missing["%s[] is %s, was %s" % (path, kind(ours[0]),
                                                kind(theirs[0]))] += 1
    return n


def is_sip(d):
    """The original takes any text with such a first word for SIP."""
    return d["tool"] != "analyze_sip_packets" or d["status"] != "ok" or any(
        "SIP/2.0" in p["start_line"] for p in d["result"]["packets"])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--bin", default="build/mcpcap")
    ap.add_argument("answers")
    ap.add_argument("corpus")
    a = ap.parse_args()
    missing, where, checked, answers = collections.Counter(), {}, 0, 0
    for folder, _, names in os.walk(a.answers):
        for name in sorted(names):
            if not name.endswith(".json"):
                continue
            with open(os.path.join(folder, name)) as f:
                d = json.load(f)
            if not is_sip(d):
                continue
            cmd = [a.bin, d["tool"], os.path.join(a.corpus, d["file"]),
                   "--format", "json"]
            if d["server_ip"]:
                cmd += ["--server-ip", d["server_ip"]]
            p = subprocess.run(cmd, capture_output=True, timeout=60)
            before = missing.copy()
            answers += 1
            try:
                ours = json.loads(p.stdout)
            except ValueError:
                missing["no answer (exit %d)" % p.returncode] += 1
                ours = None
            if ours is not None:
                checked += compare(d["result"], ours, d["tool"], missing)
            for k in missing - before:
                where.setdefault(k, d["file"])
    for k, n in missing.most_common():
        print("%4d  %s (%s)" % (n, k, where[k]))
    failed = sum(missing.values())
    print("%d answers, %d keys" % (answers, checked))
    print("%d passed, %d failed" % (checked - failed, failed))
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
