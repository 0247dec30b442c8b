<?php
/**
 * What the gateway receives of a subscribe form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Turns what our own form posted into a submission of the gateway's API.
 */
final class Subscribe_Submission {

	/**
	 * The gateway's limits, and what is sensible for a name.
	 */
	private const MAX_NAME = 200;
	private const MAX_TEXT = 2000;

	/**
	 * The submission of somebody who ticked the box.
	 *
	 * @param Subscribe_Form $form  The form.
	 * @param string         $email The address.
	 * @param string         $name  The name; may be empty.
	 */
	public static function from( Subscribe_Form $form, string $email, string $name ): array {
		$name    = $form->with_name ? mb_substr( $name, 0, self::MAX_NAME ) : '';
		$fields  = array_filter(
			array(
				'email' => $email,
				'name'  => $name,
			),
			'strlen'
		);
		$names   = array_combine( array_keys( $fields ), array_keys( $fields ) );
		$consent = array(
			'given'     => true,
			'text'      => $form->label,
			'policyUrl' => $form->policy,
		);
		return array(
			'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'form'        => array(
				'id'     => $form->id(),
				'title'  => '' === $form->title ? __( 'Subscribe form', 'gateway-connector' ) : $form->title,
				'url'    => self::page(),
				'locale' => $form->language,
			),
			'fields'      => $fields,
			'visitor'     => array(
				'ip'        => Visitor::ip(),
				'userAgent' => mb_substr( Visitor::server( 'HTTP_USER_AGENT' ), 0, self::MAX_TEXT ),
			),
			'subscribe'   => array( array( 'list' => $form->list ) + $names + array( 'consent' => array_filter( $consent ) ) ),
		);
	}

	/**
	 * The page with the form, to which it was posted.
	 */
	private static function page(): string {
		$home = wp_parse_url( home_url() );
		$port = isset( $home['port'] ) ? ':' . $home['port'] : '';
		$url  = sanitize_url( "{$home['scheme']}://{$home['host']}{$port}" . Visitor::server( 'REQUEST_URI' ) );
		return strlen( $url ) > self::MAX_TEXT ? (string) strtok( $url, '?' ) : $url;
	}
}
