"""What a transcript and a caption track are, and every rule about them.

Pure: text in, text out. Imports nothing of ours, touches no disk, no clock, no network.
"""
