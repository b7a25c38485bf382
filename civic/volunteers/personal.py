"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Skill.name": Care.KEEP,
    "Team.name": Care.KEEP,
    "Team.intro": Care.KEEP,
}
