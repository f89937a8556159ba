"""The demo's mall: merchants, goods with pictures that are drawn here, people and what they did."""
