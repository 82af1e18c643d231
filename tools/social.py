"""A social network: posts to an audience. What is public, anyone at all can read."""

from __future__ import annotations

from itertools import islice
from typing import ClassVar, Literal

from privgym.tool import Tool
from privgym.wire import Record, Wire

SHOWN = 10
Audience = Literal["public", "friends", "followers"]


class Post(Record):
    """One post, or a comment on one."""

    envelope: ClassVar[frozenset[str]] = frozenset({"sender", "to", "audience", "at"})
    sender: str
    audience: Audience
    text: str
    to: tuple[str, ...] = ()
    at: str = ""


class Social(Tool[Post]):
    """One person's network: her posts, and those that she was shown.

    Args:
        friends, followers: addresses of the people who are hers.
    """

    friends: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()

    def post(self, wire: Wire, text: str, audience: Audience) -> str:
        """Publish a post.

        Args:
            text: the post.
            audience: who can read it; public is everyone.
        """
        people = {
            "friends": self.friends,
            "followers": self.followers,
            "public": (*self.friends, *self.followers),
        }[audience]
        return self._put(wire, tuple(dict.fromkeys(people)), audience, text)

    def comment(self, wire: Wire, id: int, text: str) -> str:
        """Comment on a post; whoever can read the post reads it.

        Args:
            id: number of the post.
            text: the comment.
        """
        post = self.find(id)
        readers = tuple(one for one in (*post.to, post.sender) if one != wire.mine)
        return self._put(wire, tuple(dict.fromkeys(readers)), post.audience, text, post.text)

    def feed(self, wire: Wire, query: str = "") -> str:
        """Read posts, newest first.

        Args:
            query: words to look for; "" shows all.
        """
        found = islice(self.matching(query), SHOWN)
        return "\n".join(f"{_line(n, post)}: {post.text}" for n, post in found) or "no posts"

    def receive(self, sender: str, record: Post) -> tuple[int, str]:
        number = self.keep(record)
        return number, f"New post {_line(number, record)}"

    def _put(
        self, wire: Wire, people: tuple[str, ...], audience: Audience, text: str, thread: str = ""
    ) -> str:
        post = Post(sender=wire.mine, audience=audience, text=text, to=people, at=wire.now)
        if audience == "public":
            post = wire.publish(people, post, thread)
        elif people:
            post = wire.send(people, post, thread)
        else:
            raise ValueError(f"nobody is among your {audience}")
        readers = "everyone" if audience == "public" else ", ".join(people)
        return f"Posted as post {self.keep(post)}; {readers} can read it."


def _line(number: int, post: Post) -> str:
    return f"{number}: from {post.sender} to {post.audience}"
