<?php
/**
 * What a check of the connection found.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Who we are at the gateway, the mailing lists there, and how far the clocks differ.
 */
final class Finding {

	/**
	 * Seconds; an answer's date is exact to one, and travels.
	 */
	private const SAME_TIME = 2;

	/**
	 * The site's name at the gateway.
	 */
	public string $site = '';

	/**
	 * Names of the lists by id.
	 *
	 * @var array<string,string>
	 */
	public array $lists = array();

	/**
	 * Ids of the lists that are kept at Mailjet, by Mailjet's own id.
	 *
	 * @var array<int|string,string>
	 */
	public array $mailjet = array();

	/**
	 * Seconds that the gateway's clock is ahead of this server's; null when it did not say.
	 */
	public ?int $clock = null;

	/**
	 * When the gateway was asked.
	 */
	public int $checked_at = 0;

	/**
	 * Reads the gateway's answer to the question for its lists; null when it is none. Many a web server answers
	 * whatever it is asked with 200 and a page.
	 */
	public static function in( Answer $answer ): ?self {
		if ( 200 !== $answer->status || ! isset( $answer->json['site']['name'], $answer->json['items'] ) ) {
			return null;
		}
		$finding             = new self();
		$finding->site       = (string) $answer->json['site']['name'];
		$finding->clock      = $answer->clock_difference();
		$finding->checked_at = time();
		foreach ( (array) $answer->json['items'] as $list ) {
			if ( ! is_array( $list ) || ! isset( $list['id'], $list['name'] ) ) {
				continue;
			}
			$finding->lists[ (string) $list['id'] ] = (string) $list['name'];
			if ( 'mailjet' === ( $list['provider'] ?? '' ) ) {
				$finding->mailjet[ (string) ( $list['providerList'] ?? '' ) ] = (string) $list['id'];
			}
		}
		return $finding;
	}

	/**
	 * Reads what was kept.
	 */
	public static function from_array( array $kept ): self {
		$finding             = new self();
		$finding->site       = (string) ( $kept['site'] ?? '' );
		$finding->lists      = (array) ( $kept['lists'] ?? array() );
		$finding->mailjet    = (array) ( $kept['mailjet'] ?? array() );
		$finding->clock      = $kept['clock'] ?? null;
		$finding->checked_at = (int) ( $kept['checked_at'] ?? 0 );
		return $finding;
	}

	public function to_array(): array {
		return get_object_vars( $this );
	}

	/**
	 * The whole in a sentence or two.
	 */
	public function sentence( Connection $connection ): string {
		/* translators: 1: the gateway's host name, 2: the site's name there */
		$found = sprintf( __( 'Connected to %1$s as “%2$s”.', 'gateway-connector' ), $connection->host(), $this->site );
		/* translators: %s: names of mailing lists */
		$lists = sprintf( __( 'Lists: %s.', 'gateway-connector' ), implode( ', ', $this->lists ) );
		return $found . ' ' . ( $this->lists ? $lists : __( 'There is no mailing list yet: add one on the gateway.', 'gateway-connector' ) );
	}

	/**
	 * What to say of the clocks.
	 */
	public function clocks(): string {
		if ( null === $this->clock ) {
			return __( 'The gateway did not tell its time.', 'gateway-connector' );
		}
		if ( abs( $this->clock ) <= self::SAME_TIME ) {
			return __( 'This server and the gateway agree.', 'gateway-connector' );
		}
		$difference = human_time_diff( 0, abs( $this->clock ) );
		return $this->clock > 0
			/* translators: %s: a duration, such as "5 minutes" */
			? sprintf( __( 'This server is %s behind the gateway. The plugin allows for that.', 'gateway-connector' ), $difference )
			/* translators: %s: a duration, such as "5 minutes" */
			: sprintf( __( 'This server is %s ahead of the gateway. The plugin allows for that.', 'gateway-connector' ), $difference );
	}
}
