<?php
/**
 * The state of the connection, in sentences.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says what a check of the connection found.
 */
final class Connection_Report {

	/**
	 * Seconds; an answer's date is exact to one, and the answer takes time.
	 */
	private const SAME_TIME = 2;

	/**
	 * The whole in a sentence or two.
	 */
	public static function sentence( Site_Details $details, Connection $connection ): string {
		/* translators: 1: the gateway's host name, 2: the site's name there */
		$connected = sprintf( __( 'Connected to %1$s as “%2$s”.', 'gateway-connector' ), $connection->host(), $details->site );
		/* translators: %s: names of mailing lists */
		$lists = sprintf( __( 'Lists: %s.', 'gateway-connector' ), implode( ', ', $details->lists ) );
		$none  = __( 'There is no mailing list yet: add one on the gateway.', 'gateway-connector' );
		return $connected . ' ' . ( $details->lists ? $lists : $none );
	}

	/**
	 * How far the clocks differ.
	 */
	public static function clocks( Site_Details $details ): string {
		if ( null === $details->clock ) {
			return __( 'The gateway did not send its time.', 'gateway-connector' );
		}
		if ( abs( $details->clock ) <= self::SAME_TIME ) {
			return __( 'This server and the gateway agree.', 'gateway-connector' );
		}
		$difference = human_time_diff( 0, abs( $details->clock ) );
		return $details->clock > 0
			/* translators: %s: a duration, such as "5 minutes" */
			? sprintf( __( 'This server is %s behind the gateway. The plugin allows for that.', 'gateway-connector' ), $difference )
			/* translators: %s: a duration, such as "5 minutes" */
			: sprintf( __( 'This server is %s ahead of the gateway. The plugin allows for that.', 'gateway-connector' ), $difference );
	}
}
