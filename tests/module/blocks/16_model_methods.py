class User(db.Model):
    __tablename__ = 'users'  # Explicitly name your tables
    
    # Add repr for debugging
    def __repr__(self):
        return f'<User {self.username}>'
    
    # Add helper methods
    def to_dict(self):
        return {
            'id': self.id,
            'username': self.username,
            'email': self.email
        }
