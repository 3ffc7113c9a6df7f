"""The measurements themselves: that they run, and that what they measure is what they say."""
