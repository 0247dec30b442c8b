<?php
/**
 * What failed at the gateway, for the owner of the site.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says in the owner's language why something was not sent, where the reason is about the person; else it is the gateway's own sentence.
 */
final class Gateway_Failure {

	/**
	 * The text of one of the failures that {@see Figures::errors()} gives.
	 *
	 * @param array{kind:string,code:string,detail:string,count:int,at:int} $error As the gateway reported it.
	 */
	public static function text( array $error ): string {
		switch ( $error['code'] ) {
			case 'suppressed':
				return implode(
					' ',
					array(
						__( 'Nothing was sent: the address is not written to any more.', 'gateway-connector' ),
						__( 'Emails to it came back, or its owner called them spam or refused them.', 'gateway-connector' ),
						__( 'The person who runs the gateway can say which, and allow it again.', 'gateway-connector' ),
					)
				);
			case 'mail_bounced':
				/* translators: %s: what a mail server said, in its own language */
				$text = __( 'The email came back: the address does not exist (%s). Nothing is sent there any more.', 'gateway-connector' );
				return sprintf( $text, $error['detail'] );
			default:
				return $error['detail'];
		}
	}
}
