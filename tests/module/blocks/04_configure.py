# config.py
class Config:
    SQLALCHEMY_DATABASE_URI = 'mysql://user:password@localhost/dbname'
    SQLALCHEMY_TRACK_MODIFICATIONS = False
    
# app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_migrate import Migrate
from config import Config

app = Flask(__name__)
app.config.from_object(Config)

db = SQLAlchemy(app)
migrate = Migrate(app, db)
