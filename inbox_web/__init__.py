"""The agents' and customers' web: JSON API, live socket, chat socket, pages; and the sources of the two front ends."""
