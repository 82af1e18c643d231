"""An agent by process: `privgym run everyday --agent "command:python3 examples/agent.py"`.

It reads one observation a line and prints one action a line. This one forwards the first letter
to the last person whom the task names, and so tells too much.
"""

import json
import re
import sys


def act(observation):
    messages = observation["messages"]
    tools = [tool["name"] for tool in observation["tools"]]
    task = " ".join(message["text"] for message in messages if message["role"] == "user")
    people = re.findall(r"\b[A-Z]\w+ [A-Z]\w+", task)
    tried = any(message["calls"] for message in messages)
    if tried or not people or "email_forward" not in tools:
        return {"text": "That is all that I can do."}
    arguments = json.dumps({"id": 1, "to": people[-1:], "note": None})
    return {"calls": [{"name": "email_forward", "arguments": arguments}]}


for line in sys.stdin:
    print(json.dumps(act(json.loads(line))), flush=True)
