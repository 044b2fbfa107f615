"""What people who write rules work with: cases and coverage, layout, lints, schemas for editors, a first rulebook."""
