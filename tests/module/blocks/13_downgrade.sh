flask db downgrade
