<?php
/**
 * What the tab in the form editor looks like.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Prints the tab. It works without script; Contact Form 7 lets only plain form markup through.
 */
final class Form_Panel_View {

	private const EMPTY_ROWS = 2;

	private WPCF7_ContactForm $form;

	private Form_Settings $settings;

	/**
	 * Names of the lists by id; null when they are not known.
	 *
	 * @var array<string,string>|null
	 */
	private ?array $lists;

	private bool $connected;

	public function __construct( WPCF7_ContactForm $form, Form_Settings $settings, ?array $lists, bool $connected ) {
		$this->form      = $form;
		$this->settings  = $settings;
		$this->lists     = $lists;
		$this->connected = $connected;
	}

	public function print( Subscription $chosen ): void {
		$fields = $this->texts( Form_Check::text_fields( $this->form ) );
		$boxes  = array_map( array( Consent::class, 'text' ), Consent::boxes( $this->form ) );
		?>
		<div class="gateway-connector-panel">
		<h2><?php esc_html_e( 'Gateway', 'gateway-connector' ); ?></h2>
		<input type="hidden" name="<?php echo esc_attr( Form_Panel::MARKER ); ?>" value="<?php echo esc_attr( wp_create_nonce( Form_Panel::MARKER ) ); ?>" />
		<?php
		$this->print_warnings();
		$this->print_summary( $chosen, $boxes );
		?>
		<p><label>
			<input type="checkbox" name="<?php echo esc_attr( $this->name( 'enabled' ) ); ?>" value="1" <?php checked( $this->settings->enabled ); ?> />
			<?php esc_html_e( 'Hand this form’s submissions to the gateway', 'gateway-connector' ); ?>
		</label></p>
		<table class="form-table" role="presentation"><tbody>
		<?php
		// While the names are unknown, the id must not look like a list that is gone.
		$lists = $this->lists ?? array_filter( array( $chosen->list => $chosen->list ), 'strlen' );
		$this->print_row( 'list', __( 'Mailing list', 'gateway-connector' ), $chosen->list, $lists, $this->list_help() );
		$this->print_row( 'consent', __( 'Consent box', 'gateway-connector' ), $chosen->consent, $boxes, $this->consent_help( $boxes ) );
		$this->print_row( 'email', __( 'Email field', 'gateway-connector' ), $chosen->email, $fields );
		$this->print_row( 'name', __( 'Name field', 'gateway-connector' ), $chosen->name, $fields, esc_html__( 'May stay empty.', 'gateway-connector' ) );
		$this->print_properties( $chosen, $fields );
		$this->print_policy( $chosen );
		?>
		</tbody></table>
		</div>
		<?php
	}

	private function print_warnings(): void {
		$warnings = Form_Check::warnings( $this->form, $this->settings );
		if ( ! $this->connected ) {
			$warnings[] = __( 'This site is not connected to a gateway yet. Submissions wait here until it is.', 'gateway-connector' );
		}
		foreach ( $warnings as $warning ) {
			printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html( $warning ) );
		}
	}

	private function print_summary( Subscription $chosen, array $boxes ): void {
		$sentence = Form_Summary::of(
			$this->settings->enabled,
			$chosen,
			$this->lists[ $chosen->list ] ?? $chosen->list,
			$boxes[ $chosen->consent ] ?? $chosen->consent
		);
		echo '<p class="gateway-connector-summary" aria-live="polite"';
		foreach ( Form_Summary::sentences() as $situation => $template ) {
			printf( ' data-%s="%s"', esc_attr( $situation ), esc_attr( $template ) );
		}
		echo '>' . esc_html( $sentence ) . '</p>';
	}

	/**
	 * A row with a menu.
	 *
	 * @param string               $member  Member of the subscription.
	 * @param string               $label   Its label.
	 * @param string               $current The choice.
	 * @param array<string,string> $options Labels by value.
	 * @param string               $help    Help below the menu, as HTML.
	 */
	private function print_row( string $member, string $label, string $current, array $options, string $help = '' ): void {
		$id = Form_Panel::INPUT . '-' . $member;
		printf( '<tr><th scope="row"><label for="%s">%s</label></th><td>', esc_attr( $id ), esc_html( $label ) );
		$this->print_menu( array( 'id' => $id, 'name' => $this->name( $member ), 'data-missing' => Form_Summary::choices()[ $member ] ?? '' ), $current, $options );
		if ( '' !== $help ) {
			echo '<p class="description">' . wp_kses_post( $help ) . '</p>';
		}
		echo '</td></tr>';
	}

	/**
	 * A menu. A choice that is gone stays visible, so that saving the form does not lose it.
	 *
	 * @param array<string,string> $attributes Attributes of the menu.
	 * @param string               $current    The choice.
	 * @param array<string,string> $options    Labels by value.
	 */
	private function print_menu( array $attributes, string $current, array $options ): void {
		echo '<select';
		foreach ( $attributes as $attribute => $value ) {
			printf( ' %s="%s"', esc_attr( $attribute ), esc_attr( $value ) );
		}
		echo '>';
		printf( '<option value="">%s</option>', esc_html__( '— none —', 'gateway-connector' ) );
		if ( '' !== $current && ! isset( $options[ $current ] ) ) {
			/* translators: %s: name of a field or list */
			$options[ $current ] = sprintf( __( '%s (not found)', 'gateway-connector' ), $current );
		}
		foreach ( $options as $value => $label ) {
			printf( '<option value="%s" %s>%s</option>', esc_attr( (string) $value ), selected( $value, $current, false ), esc_html( $label ) );
		}
		echo '</select>';
	}

	private function print_properties( Subscription $chosen, array $fields ): void {
		$rows = array_merge( array_map( null, array_keys( $chosen->properties ), $chosen->properties ), array_fill( 0, self::EMPTY_ROWS, array( '', '' ) ) );
		?>
		<tr>
			<th scope="row"><?php esc_html_e( 'Contact properties', 'gateway-connector' ); ?></th>
			<td>
				<div class="gateway-connector-properties">
				<?php
				foreach ( $rows as $index => list( $property, $field ) ) {
					echo '<p class="gateway-connector-property">';
					printf(
						'<input type="text" name="%s" value="%s" placeholder="%s" aria-label="%s" maxlength="100" /> ← ',
						esc_attr( $this->name( 'properties', $index, 'name' ) ),
						esc_attr( (string) $property ),
						esc_attr__( 'Property, e.g. city', 'gateway-connector' ),
						esc_attr__( 'Property', 'gateway-connector' )
					);
					$this->print_menu(
						array(
							'name'       => $this->name( 'properties', $index, 'field' ),
							'aria-label' => __( 'Field', 'gateway-connector' ),
						),
						(string) $field,
						$fields
					);
					echo '</p>';
				}
				?>
				</div>
				<p class="description"><?php esc_html_e( 'What else the gateway keeps about the person, for example to choose what they get.', 'gateway-connector' ); ?></p>
				<p><button type="button" class="button gateway-connector-add" hidden><?php esc_html_e( 'Add a property', 'gateway-connector' ); ?></button></p>
			</td>
		</tr>
		<?php
	}

	private function print_policy( Subscription $chosen ): void {
		$inputs = array(
			'policy_url'     => array( 'url', $chosen->policy_url, __( 'Privacy policy', 'gateway-connector' ), __( 'Address of the policy that applies; kept with the consent.', 'gateway-connector' ) ),
			'policy_version' => array( 'text', $chosen->policy_version, __( 'Policy version', 'gateway-connector' ), __( 'For example its date. Change it whenever the policy changes.', 'gateway-connector' ) ),
		);
		foreach ( $inputs as $member => list( $type, $value, $label, $help ) ) {
			printf(
				'<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input type="%3$s" class="regular-text" id="%1$s" name="%4$s" value="%5$s" /><p class="description">%6$s</p></td></tr>',
				esc_attr( Form_Panel::INPUT . '-' . $member ),
				esc_html( $label ),
				esc_attr( $type ),
				esc_attr( $this->name( $member ) ),
				esc_attr( $value ),
				esc_html( $help )
			);
		}
	}

	private function list_help(): string {
		$link = static fn( string $url, string $text ) => sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html( $text ) );
		if ( ! $this->connected ) {
			return $link( Settings_Page::url(), __( 'Connect this site to a gateway', 'gateway-connector' ) );
		}
		$refresh = $link( Settings_Page::refresh_url(), __( 'Fetch the lists again', 'gateway-connector' ) );
		return null === $this->lists ? esc_html__( 'The gateway did not answer.', 'gateway-connector' ) . ' ' . $refresh : $refresh;
	}

	private function consent_help( array $boxes ): string {
		if ( array() !== $boxes ) {
			return esc_html__( 'Its text is kept as the proof of what people agreed to.', 'gateway-connector' );
		}
		$tag = sprintf( '[newsletter newsletter-1 "%s"]', __( 'Yes, send me the newsletter.', 'gateway-connector' ) );
		/* translators: %s: a form-tag to copy */
		return sprintf( esc_html__( 'The form has no box to tick. Add one under the tab “Form”: %s', 'gateway-connector' ), '<code>' . esc_html( $tag ) . '</code>' );
	}

	/**
	 * The fields as they stand in the form.
	 *
	 * @return array<string,string>
	 */
	private function texts( array $names ): array {
		return array_combine( $names, array_map( static fn( string $name ) => "[{$name}]", $names ) );
	}

	/**
	 * The name of an input of the tab.
	 *
	 * @param string|int ...$members Path to the member.
	 */
	private function name( ...$members ): string {
		return Form_Panel::INPUT . '[' . implode( '][', $members ) . ']';
	}
}
