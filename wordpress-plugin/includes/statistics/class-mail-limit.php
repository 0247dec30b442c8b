<?php
/**
 * Limits of email providers that the emails of the site have reached.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says in the owner's language that too many emails come back or are called spam, and what to do.
 */
final class Mail_Limit {

	/**
	 * The text of one of the limits that {@see Figures::limits()} gives.
	 *
	 * @param array{sender:string,provider:string,measure:string,level:string,rate:float,limit:float,source:string} $limit As reported.
	 */
	public static function text( array $limit ): string {
		$rate  = self::percent( $limit['rate'] );
		$most  = self::percent( $limit['limit'] );
		$where = '*' === $limit['provider'] ? __( 'all providers', 'gateway-connector' ) : $limit['provider'];
		if ( 'bounces' === $limit['measure'] ) {
			/* translators: 1: a share such as "5.2 %", 2: a mail domain, 3: name of an email provider, 4: a share */
			$what = __( '%1$s of emails from %2$s to %3$s went to addresses that do not exist; the limit is %4$s.', 'gateway-connector' );
			$hint = __( 'Find out where these addresses come from, and write only to people who confirmed.', 'gateway-connector' );
		} else {
			/* translators: 1: a share such as "0.2 %", 2: a mail domain, 3: name of an email provider, 4: a share */
			$what = __( '%1$s of emails from %2$s to %3$s were called spam; the limit is %4$s.', 'gateway-connector' );
			$hint = __( 'Write only to people who asked for it, and less often.', 'gateway-connector' );
		}
		return implode(
			' ',
			array(
				sprintf( $what, $rate, $limit['sender'], $where, $most ),
				'brake' === $limit['level']
					? __( 'Providers may refuse all your emails now.', 'gateway-connector' )
					: __( 'Above it, providers put your emails into the spam folder.', 'gateway-connector' ),
				$hint,
			)
		);
	}

	/**
	 * A share in words; small ones matter here.
	 *
	 * @param float $share From 0 to 1.
	 */
	private static function percent( float $share ): string {
		/* translators: %s: a number; the doubled percent sign becomes one */
		return sprintf( __( '%s %%', 'gateway-connector' ), number_format_i18n( 100 * $share, 2 ) );
	}
}
