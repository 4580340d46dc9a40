"""Problems of a member on a resource: life cycle, telling, answers."""
