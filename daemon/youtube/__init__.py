"""YouTube as we talk to it. Knows neither the store nor the speech nor the stages."""
