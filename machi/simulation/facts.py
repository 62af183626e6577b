"""Facts this room records: how far the demo town has been lived."""

LIVED = "demo.lived"                # one moment of the past was lived; `about` names the day on which the town was begun
FILLED = "demo.filled"              # the demo town is whole
