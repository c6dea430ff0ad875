from daemon import recognising
from daemon.settings import DaemonSettings


def test_where_channels_may_be_heard_apart_the_route_reckons_with_both():
    def price(multichannel):
        options = {"price_per_hour": 0.25, "multichannel": multichannel}
        return recognising.candidates(DaemonSettings(engines={"assemblyai": options}))["assemblyai"].price_per_hour

    assert (price(False), price(True)) == (0.25, 0.5)
