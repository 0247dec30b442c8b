<?php
/**
 * What holds up the gateway, for the owner of the site.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says in the owner's language what does not work and what becomes of it. The gateway's own sentence is for those who run
 * the gateway: it comes last, in English, as they need it.
 */
final class Gateway_Problem {

	/** Codes of the gateway that mean the same to an owner. */
	private const REASONS = array(
		'server_unreachable'   => 'busy',
		'server_busy'          => 'busy',
		'provider_unreachable' => 'busy',
		'answer_lost'          => 'busy',
		'slow_down'            => 'busy',
		'tls_failed'           => 'insecure',
		'sign_in_refused'      => 'account',
		'credentials_refused'  => 'account',
		'relay_refused'        => 'account',
		'account_blocked'      => 'account',
		'sending_limit'        => 'limit',
		'account_limit'        => 'limit',
		'sender_refused'       => 'sender',
		'recipients_refused'   => 'account',
		'content_refused'      => 'content',
		'list_unknown'         => 'list',
		'mail_settings'        => 'settings',
		'sms_settings'         => 'settings',
		'provider_settings'    => 'settings',
	);

	/**
	 * The text of one of the problems that {@see Figures::problems()} gives.
	 *
	 * @param array{connection:string,code:string,reason:string,since:int,waiting:int} $problem As the gateway reported it.
	 */
	public static function text( array $problem ): string {
		if ( 'brake' === $problem['code'] ) {
			return self::of_brake( $problem['waiting'] );
		}
		$what = sprintf(
			self::what( $problem['connection'] ),
			number_format_i18n( $problem['waiting'] ),
			human_time_diff( 0 === $problem['since'] ? time() : $problem['since'] )
		);
		/* translators: %s: a sentence in English, as the gateway says it */
		$details = __( 'For whoever runs the gateway: %s', 'gateway-connector' );
		return implode(
			' ',
			array_filter(
				array(
					$what,
					self::why( $problem['code'] ),
					__( 'Nothing is lost: what waits goes out by itself as soon as it works again.', 'gateway-connector' ),
					'' === $problem['reason'] ? '' : sprintf( $details, $problem['reason'] ),
				)
			)
		);
	}

	/**
	 * A brake is no failure: the gateway protects the site's name.
	 */
	private static function of_brake( int $waiting ): string {
		$text = sprintf(
			/* translators: %s: a number of emails */
			__( 'The gateway has stopped bulk emails (%s waiting), because too many were called spam or came back.', 'gateway-connector' ),
			number_format_i18n( $waiting )
		);
		return implode(
			' ',
			array(
				$text,
				__( 'Confirmation emails go on, and nothing is lost.', 'gateway-connector' ),
				__( 'What waits goes out once the rate has fallen, or the person who runs the gateway allows it.', 'gateway-connector' ),
			)
		);
	}

	private static function what( string $connection ): string {
		switch ( $connection ) {
			case 'mail':
				/* translators: 1: a number, 2: a duration such as "5 minutes" */
				return __( 'The gateway cannot send emails (%1$s waiting, for %2$s).', 'gateway-connector' );
			case 'lists':
				/* translators: 1: a number, 2: a duration such as "5 minutes" */
				return __( 'The gateway cannot update the mailing lists (%1$s waiting, for %2$s).', 'gateway-connector' );
			case 'sms':
				/* translators: 1: a number, 2: a duration such as "5 minutes" */
				return __( 'The gateway cannot send SMS (%1$s waiting, for %2$s).', 'gateway-connector' );
			default:
				/* translators: 1: a number, 2: a duration such as "5 minutes" */
				return __( 'The gateway reports a problem (%1$s waiting, for %2$s).', 'gateway-connector' );
		}
	}

	/**
	 * Empty for a code that is newer than this plugin.
	 */
	private static function why( string $code ): string {
		$reasons = array(
			'busy'     => __( 'The service it uses does not answer or is busy. It tries again and again.', 'gateway-connector' ),
			'insecure' => __( 'It gets no secure connection to the service it uses.', 'gateway-connector' ),
			'account'  => __( 'The service it uses does not accept its account or password.', 'gateway-connector' ),
			'limit'    => __( 'The limit of its account at the service it uses is reached.', 'gateway-connector' ),
			'sender'   => __( 'The mail server does not accept the sender address of this site.', 'gateway-connector' ),
			'content'  => __( 'The mail server does not accept what the emails of this site say.', 'gateway-connector' ),
			'list'     => __( 'The mailing list no longer exists at its provider.', 'gateway-connector' ),
			'settings' => __( 'A setting of the gateway is missing or wrong.', 'gateway-connector' ),
		);
		return $reasons[ self::REASONS[ $code ] ?? '' ] ?? '';
	}
}
