"""The tables as classes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model
from app.types import LongText, UTCDateTime, utc_now


class Comment(Model):
    """A record of comments.php."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    # guessed: all 31 values are in posts.id; the name says so
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    # guessed: all but 1 of 15 different values are in comments.id; the name says so
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    # guessed: all 31 values are in users.id; the name says so
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(LongText)
    # guessed: 30 different values
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)

    post: Mapped[Post] = relationship(back_populates="comments")
    parent: Mapped[Comment | None] = relationship(
        back_populates="children", remote_side="Comment.id"
    )
    user: Mapped[User] = relationship(back_populates="comments")
    children: Mapped[list[Comment]] = relationship(back_populates="parent", passive_deletes="all")


class Post(Model):
    """A record of posts.json."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    # guessed: all 12 values are in users.id; the name says so
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    # guessed: all 12 differ
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(LongText)
    published: Mapped[bool]
    # guessed: all 12 differ
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)
    updated_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[User] = relationship(back_populates="posts")
    comments: Mapped[list[Comment]] = relationship(back_populates="post", passive_deletes="all")
    tags: Mapped[list[Tag]] = relationship(
        secondary="post_tags",
        back_populates="posts",
        order_by=lambda: (PostTag.position.is_(None), PostTag.position),
        passive_deletes=True,
    )


class PostTag(Model):
    """An item of the list `tags` in a record of posts.json."""

    __tablename__ = "post_tags"

    # guessed: from the list "tags" of each record
    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    # guessed: all 18 values are in tags.slug; the name says so
    tag_slug: Mapped[str] = mapped_column(
        String(120), ForeignKey("tags.slug", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int | None]

    post: Mapped[Post] = relationship(viewonly=True)
    tag: Mapped[Tag] = relationship(viewonly=True)


class Profile(Model):
    """A record of profiles.json."""

    __tablename__ = "profiles"

    # guessed: all 4 values are in users.id; the name says so
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    website: Mapped[str | None] = mapped_column(String(255))
    bio: Mapped[str] = mapped_column(LongText)

    user: Mapped[User] = relationship(back_populates="profile")


class Setting(Model):
    """The one record of settings.json."""

    __tablename__ = "settings"

    # guessed: counted: no field identifies a record
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    subtitle: Mapped[str | None] = mapped_column(String(80))
    url: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(80))
    posts_per_page: Mapped[int | None]
    comments_open: Mapped[bool]
    analytics: Mapped[str | None] = mapped_column(String(255))


class Tag(Model):
    """A record of tags.json."""

    __tablename__ = "tags"

    # guessed: the key in the map
    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    colour: Mapped[str] = mapped_column(String(80))

    posts: Mapped[list[Post]] = relationship(
        secondary="post_tags", back_populates="tags", passive_deletes=True
    )


class User(Model):
    """A record of users.json."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    # guessed: all 5 differ
    username: Mapped[str] = mapped_column(String(80), unique=True)
    # guessed: all 5 differ
    email: Mapped[str] = mapped_column(String(120), unique=True)
    password: Mapped[str] = mapped_column(String(255), info={"secret": "password"})
    role: Mapped[str] = mapped_column(String(80))
    # guessed: all 5 differ
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)

    comments: Mapped[list[Comment]] = relationship(back_populates="user", passive_deletes="all")
    posts: Mapped[list[Post]] = relationship(back_populates="author", passive_deletes="all")
    profile: Mapped[Profile | None] = relationship(back_populates="user", passive_deletes="all")
