"""python -m bench.quality labels|transcripts [--data DIR | --fit DIR --test DIR] [--json]

The last line is one JSON object. Without --json the whole is told in lines before it. DIR has the form of shared/data beside the project.
"""
import json
import sys

from bench.quality import labels, transcripts

MEASURES = {"labels": labels.measure, "transcripts": transcripts.measure}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in MEASURES:
        raise SystemExit(__doc__)
    result = MEASURES[arguments[0]](arguments[1:])
    if "--json" not in arguments:
        for name, one in result["sets"].items():
            print(f"{name:36} {one['figure']:8.4g}", *(f"{what} {value:.4g}" for what, value in one.get("opponents", {}).items()), sep="  ")
        for name, one in {"ours": result, **result["opponents"]}.items():
            print(f"{name:36} {one['figure']:8.4g}  {one['ci']}")
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
