"""The collapse lab: corpora in matched arms, an auditor of matches, published vectors."""
