"""A music player in Node: playlists as ordered lists of tracks, guests on tracks, a history without ids."""

from store_files import File, lines, node
from store_words import Words


def make(w: Words) -> list[File]:
    artists = [
        {
            "id": n,
            "name": w.name(),
            "genres": w.few(["folk", "jazz", "rock", "techno"], 2),
            "country": w.some(["UA", "PT", "IE"]),
        }
        for n in range(1, 29)
    ]
    albums = [
        {
            "id": n,
            "title": w.title(),
            "artistId": w.number(1, 28),
            "year": w.number(1971, 2023),
            "cover": w.maybe(f"covers/{n}.jpg", 0.7),
        }
        for n in range(1, 51)
    ]
    tracks = []
    for number in range(1, 241):
        album = w.some(albums)
        track = {
            "id": number,
            "title": w.title(),
            "albumId": album["id"],
            "artistId": album["artistId"],
            "duration": w.number(90, 600),
            "trackNo": w.number(1, 12),
            "plays": w.number(0, 900),
        }
        if w.chance(0.5):
            track["featuring"] = w.few(range(1, 29), 2)
        tracks.append(track)
    users = [
        {
            "id": n,
            "username": w.username(),
            "email": w.email(),
            "password": w.bcrypt(),
            "following": w.few(range(1, 29), 6),
            "currentTrack": w.number(1, 240) if w.chance(0.6) else None,
            "premium": w.chance(0.3),
        }
        for n in range(1, 36)
    ]
    playlists = [
        {
            "id": n,
            "name": w.name(),
            "userId": w.number(1, 35),
            "isPublic": w.chance(0.6),
            "trackIds": w.few(range(1, 241), 25, 3),
            "followers": w.few(range(1, 36), 8),
            "createdAt": w.iso_time(),
        }
        for n in range(1, 41)
    ]
    playlists[6]["trackIds"].append(777)
    history = [
        {
            "userId": w.number(1, 35),
            "trackId": w.number(1, 240),
            "playedAt": w.iso_time(),
            "device": w.some(["web", "phone"]),
        }
        for _ in range(300)
    ]
    return [
        node("artists.json", artists),
        node("albums.json", albums),
        node("tracks.json", tracks),
        node("users.json", users),
        node("playlists.json", playlists),
        lines("history.ndjson", history),
    ]
