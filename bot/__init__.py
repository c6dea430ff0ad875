"""captionbot: people decide here. Every command is in bot.desk; the surfaces show its replies."""
