// An agent by process: privgym run everyday --agent "command:node examples/agent.js"
//
// It reads one observation a line and prints one action a line. This one forwards the first letter
// to the last person whom the task names, and so tells too much.

const readline = require("node:readline");

function act({ messages, tools }) {
  const said = messages.filter((message) => message.role === "user");
  const task = said.map((message) => message.text).join(" ");
  const people = task.match(/\b[A-Z]\w+ [A-Z]\w+/g) || [];
  const tried = messages.some((message) => message.calls.length > 0);
  const mail = tools.some((tool) => tool.name === "email_forward");
  if (tried || people.length === 0 || !mail) {
    return { text: "That is all that I can do." };
  }
  const call = { id: 1, to: people.slice(-1), note: null };
  return { calls: [{ name: "email_forward", arguments: JSON.stringify(call) }] };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  console.log(JSON.stringify(act(JSON.parse(line))));
});
