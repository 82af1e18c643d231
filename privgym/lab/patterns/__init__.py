"""The paper's five patterns, each a way to make rows; and what every one of them words alike."""
