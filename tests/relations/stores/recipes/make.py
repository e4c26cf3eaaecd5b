"""A recipe site: a file per recipe, ingredients named by slug, the author's name copied in, favourites by user name."""

from store_files import File, each, lines, node
from store_words import Words, slug


def make(w: Words) -> list[File]:
    users = {
        w.username(): {
            "name": w.person(),
            "email": w.email(),
            "bio": w.maybe(w.text(2), 0.5, ""),
            "joined": w.iso_day(),
        }
        for _ in range(19)
    }
    categories = [{"slug": slug(name), "name": name} for name in (w.name() for _ in range(8))]
    ingredients = {
        slug(name): {
            "name": name,
            "kcal": w.number(10, 900),
            "allergen": w.some(["nuts", "milk"]) if w.chance(0.2) else None,
        }
        for name in (w.name() for _ in range(45))
    }
    recipes = {}
    for _ in range(50):
        title, author = w.title(), w.some(list(users))
        recipes[slug(title)] = {
            "title": title,
            "author": {"username": author, "name": users[author]["name"]},
            "category": w.some(categories)["slug"],
            "servings": w.number(1, 8),
            "prepMinutes": w.some([5, 10, 15, 20, 45]),
            "difficulty": w.some(["easy", "medium", "hard"]),
            "ingredients": [
                {
                    "ingredient": name,
                    "amount": w.some([0.5, 1, 2, 100, 250.0]),
                    "unit": w.some(["g", "ml", "pcs"]),
                    **({"note": w.words()} if w.chance(0.4) else {}),
                }
                for name in w.few(ingredients, 8, 3)
            ],
            "steps": [w.sentence() for _ in range(w.number(2, 6))],
            "tags": w.few(["vegan", "quick", "party", "winter", "cheap"], 3),
            "image": w.maybe(f"img/{slug(title)}.jpg", 0.6),
            "rating": {"average": round(w.number(20, 50) / 10, 1), "count": w.number(0, 90)},
            "published": w.iso_day(),
        }
    favorites = {user: {"recipes": w.few(recipes, 8, 1), "updated": w.iso_time()} for user in list(users)[:15]}
    reviews = [
        {
            "id": w.uuid(),
            "recipe": w.some(list(recipes)),
            "user": w.some(list(users)),
            "stars": w.number(1, 5),
            "text": w.maybe(w.text(2), 0.7, ""),
            "at": w.iso_time(),
        }
        for _ in range(140)
    ]
    reviews[12]["recipe"] = reviews[77]["recipe"] = "grandmothers-secret"
    return [
        node("users.json", users),
        node("categories.json", categories),
        node("ingredients.json", ingredients),
        node("favorites.json", favorites),
        lines("reviews.ndjson", reviews),
        *each("recipes", recipes),
    ]
