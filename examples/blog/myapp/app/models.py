"""The tables as classes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, in_order
from app.types import LongText, UTCDateTime, utc_now


class Comment(Model):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(LongText)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)

    post: Mapped[Post] = relationship(back_populates="comments")
    parent: Mapped[Comment | None] = relationship(back_populates="children", remote_side="Comment.id")
    user: Mapped[User] = relationship(back_populates="comments")
    children: Mapped[list[Comment]] = relationship(back_populates="parent", passive_deletes="all")


class Post(Model):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(LongText)
    published: Mapped[bool]
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)
    updated_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[User] = relationship(back_populates="posts")
    comments: Mapped[list[Comment]] = relationship(back_populates="post", passive_deletes="all")
    tags: Mapped[list[Tag]] = relationship(
        secondary="post_tags", back_populates="posts", order_by=lambda: in_order(PostTag.position), passive_deletes=True
    )


class PostTag(Model):  # an item of tags in posts.json
    __tablename__ = "post_tags"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    tag_slug: Mapped[str] = mapped_column(
        String(120), ForeignKey("tags.slug", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int | None]

    post: Mapped[Post] = relationship(viewonly=True)
    tag: Mapped[Tag] = relationship(viewonly=True)


class Profile(Model):
    __tablename__ = "profiles"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    website: Mapped[str | None] = mapped_column(String(255))
    bio: Mapped[str] = mapped_column(LongText)
    user: Mapped[User] = relationship(back_populates="profile")


class Setting(Model):  # the one record of settings.json
    __tablename__ = "settings"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    subtitle: Mapped[str | None] = mapped_column(String(80))
    url: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(80))
    posts_per_page: Mapped[int | None]
    comments_open: Mapped[bool]
    analytics: Mapped[str | None] = mapped_column(String(255))


class Tag(Model):
    __tablename__ = "tags"
    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    colour: Mapped[str] = mapped_column(String(80))
    posts: Mapped[list[Post]] = relationship(secondary="post_tags", back_populates="tags", passive_deletes=True)


class User(Model):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    password: Mapped[str] = mapped_column(String(255), info={"secret": "password"})
    role: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utc_now)

    comments: Mapped[list[Comment]] = relationship(back_populates="user", passive_deletes="all")
    posts: Mapped[list[Post]] = relationship(back_populates="author", passive_deletes="all")
    profile: Mapped[Profile | None] = relationship(back_populates="user", passive_deletes="all")
