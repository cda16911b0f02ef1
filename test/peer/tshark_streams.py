"""What tshark makes of the flows of a capture, kept by the capture's content.

One start of tshark for each capture gives the conversation tables of TCP, UDP
and SCTP and the bytes of up to 200 TCP streams; more streams take more starts.
"""
import hashlib, json, os, subprocess

ENDINGS = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".trace", ".ntar", ".dmp", ".out", ".pkt")
ENV = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8", WIRESHARK_CONFIG_DIR="/nonexistent")
CACHE = os.environ.get("STREAMS_CACHE", os.path.expanduser("~/.cache/mcpcap-streams"))
PROTOCOLS = ["tcp", "udp", "sctp"]
AT_ONCE = 200


def captures(paths):
    for p in paths:
        if not os.path.isdir(p):
            yield p
            continue
        for d, dirs, names in os.walk(p):
            dirs.sort()
            for n in sorted(names):
                if n.lower().endswith(ENDINGS):
                    yield os.path.join(d, n)


def run(cmd):
    return subprocess.run(cmd, capture_output=True, env=ENV, timeout=900, stdin=subprocess.DEVNULL)


def digest(b):
    return [len(b), hashlib.sha256(b).hexdigest()[:32]]


def ask(path, streams):
    """Text of the conversation tables; {stream: {end: [length, digest]}}."""
    cmd = ["tshark", "-n", "-q", "-r", path]
    for p in PROTOCOLS:
        cmd += ["-z", "conv," + p]
    for s in streams:
        cmd += ["-z", "follow,tcp,raw,%d" % s]
    out, current, tables = {}, None, []
    for line in run(cmd).stdout.decode("utf-8", "replace").splitlines():
        if line.startswith("Filter: tcp.stream eq "):
            current = out[line.rsplit(" ", 1)[1]] = {"ends": [], "bytes": [bytearray(), bytearray()]}
        elif current is not None and line.startswith("Node "):
            current["ends"].append(line.split(": ", 1)[1])
        elif current is not None and line and all(c in "0123456789abcdef\t" for c in line):
            current["bytes"][line.startswith("\t")] += bytes.fromhex(line.strip())
        elif line.endswith(" Conversations"):
            current = None
            tables.append(line)
        elif "<->" in line:
            tables.append(line)
    return tables, {s: {e: digest(bytes(b)) for e, b in zip(x["ends"], x["bytes"])} for s, x in out.items()}


def tshark(path, n):
    """Of the first `n` TCP streams: {"tables": lines, "streams": {..}}."""
    with open(path, "rb") as f:
        kept = os.path.join(CACHE, hashlib.sha256(f.read()).hexdigest())
    if os.path.exists(kept):
        with open(kept, encoding="utf-8") as f:
            found = json.load(f)
        if found["n"] >= n:
            return found
    tables, streams = ask(path, range(min(n, AT_ONCE)))
    for first in range(AT_ONCE, n, AT_ONCE):
        streams.update(ask(path, range(first, min(first + AT_ONCE, n)))[1])
    found = {"n": n, "tables": tables, "streams": streams}
    os.makedirs(CACHE, exist_ok=True)
    part = "%s.%d" % (kept, os.getpid())
    with open(part, "w", encoding="utf-8") as f:
        json.dump(found, f)
    os.replace(part, kept)
    return found
