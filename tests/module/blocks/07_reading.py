# Basic Queries
users = User.query.all()  # Get all users
user = User.query.get(1)  # Get by primary key
user = User.query.filter_by(username='john_doe').first()  # Get by condition

# Advanced Queries
# Users with posts
users = User.query.join(Post).all()

# Users with specific conditions
users = User.query.filter(
    User.email.endswith('@example.com')
).order_by(User.username).all()
