"""Renders a chart with Helm's own library: values in as JSON, manifests or the refusal out as JSON."""

import json
import sys

import helm_python

asked = json.load(sys.stdin)
if asked.get("lint"):
    print(json.dumps(helm_python.lint(asked["chart"])))
else:
    with helm_python.Chart.load(asked["chart"]) as chart:
        try:
            manifests = chart.render(asked["values"], name=asked["release"], namespace=asked["namespace"])
            print(json.dumps({"manifests": manifests}))
        except helm_python.HelmError as error:
            print(json.dumps({"refusal": str(error)}))
