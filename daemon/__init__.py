"""captiond: the machine works here. The route of a video, each step a module of daemon.stages:

    discover     a channel's feed names a new video                        → found
    download     yt-dlp fetches its sound track                            → downloaded
    transcribe   an engine recognises words, with their times              → transcribed
    typeset      words become caption cues, a draft with a report          → drafted
    (people)     somebody reads the draft and approves it, in the bot      → approved
    upload       the track goes to YouTube, once, beside nobody else's     → uploaded

Each step claims one row of the store, works, and moves it on; it may be killed anywhere and run again.
"""
