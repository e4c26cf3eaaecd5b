"""The tables as classes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, in_order
from app.types import LongText, UTCDateTime, utc_now


class User(Model):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    password: Mapped[str | None] = mapped_column(String(255), info={"secret": "password"})
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)

    profile: Mapped[Profile | None] = relationship(back_populates="user", cascade="all")
    posts: Mapped[list[Post]] = relationship(back_populates="author", passive_deletes="all")


class Profile(Model):
    __tablename__ = "profiles"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    bio: Mapped[str | None] = mapped_column(LongText)
    user: Mapped[User] = relationship(back_populates="profile")


class Tag(Model):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    posts: Mapped[list[Post]] = relationship(secondary="post_tags", back_populates="tags", passive_deletes=True)


class Post(Model):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(LongText)
    published: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    author: Mapped[User] = relationship(back_populates="posts")
    tags: Mapped[list[Tag]] = relationship(
        secondary="post_tags", back_populates="posts", order_by=lambda: in_order(PostTag.position), passive_deletes=True
    )
    comments: Mapped[list[Comment]] = relationship(back_populates="post", passive_deletes="all")


class PostTag(Model):  # an item of tags in posts.json
    __tablename__ = "post_tags"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int | None]

    post: Mapped[Post] = relationship(viewonly=True)
    tag: Mapped[Tag] = relationship(viewonly=True)


class Comment(Model):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(LongText)

    post: Mapped[Post] = relationship(back_populates="comments")
    parent: Mapped[Comment | None] = relationship(back_populates="replies", remote_side="Comment.id")
    replies: Mapped[list[Comment]] = relationship(back_populates="parent")
