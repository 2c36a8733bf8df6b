from . import care_preferences
