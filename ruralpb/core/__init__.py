"""What every room needs: periods, the working-day calendar, exact numbers, and problems with their messages. Imports nothing above it."""
