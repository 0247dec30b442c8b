<?php
/**
 * What the page "Gateway › Users" looks like.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Prints the choices. They work without script.
 */
final class User_Page_View {

	private const EMPTY_ROWS = 2;

	private User_Sync_Settings $settings;

	/**
	 * Names of the lists by id.
	 *
	 * @var array<string,string>
	 */
	private array $lists;

	public function __construct( User_Sync_Settings $settings, array $lists ) {
		$this->settings = $settings;
		$this->lists    = $lists;
	}

	public function print(): void {
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'Users and lists', 'gateway-connector' ); ?></h2>
			<p class="gateway-connector-summary"><?php echo esc_html( User_Sync_Summary::of( $this->settings, $this->lists ) ); ?></p>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( User_Page::SAVE ); ?>" />
				<?php wp_nonce_field( User_Page::SAVE ); ?>
				<p><label>
					<input type="checkbox" name="users[enabled]" value="1" <?php checked( $this->settings->enabled ); ?> />
					<?php esc_html_e( 'Sync lists at the gateway with the users of this site', 'gateway-connector' ); ?>
				</label></p>
				<?php
				$this->print_rules();
				$this->print_consent();
				$this->print_properties();
				?>
				<p><button class="button button-primary"><?php esc_html_e( 'Save', 'gateway-connector' ); ?></button></p>
			</form>
		</div>
		<?php
	}

	private function print_rules(): void {
		$roles = array(
			User_Sync_Settings::ANY_ROLE => __( 'Every role', 'gateway-connector' ),
		) + array_map( 'translate_user_role', wp_roles()->get_names() );
		$rows  = array_merge(
			$this->settings->rules,
			array_fill(
				0,
				self::EMPTY_ROWS,
				array(
					'role' => '',
					'list' => '',
				)
			)
		);
		printf( '<fieldset><legend><strong>%s</strong></legend>', esc_html__( 'Who joins which list', 'gateway-connector' ) );
		foreach ( $rows as $index => $rule ) {
			echo '<p class="gateway-connector-pair">';
			self::print_menu( "users[rules][{$index}][role]", __( 'Role', 'gateway-connector' ), $rule['role'], $roles );
			echo ' → ';
			self::print_menu( "users[rules][{$index}][list]", __( 'Mailing list', 'gateway-connector' ), $rule['list'], $this->lists );
			echo '</p>';
		}
		self::print_more( __( 'Add a rule', 'gateway-connector' ) );
		printf(
			'<p class="description">%s</p></fieldset>',
			esc_html__( 'Users without a rule are not sent. Users who lose the role or are deleted leave the list.', 'gateway-connector' )
		);
	}

	private function print_consent(): void {
		$settings = $this->settings;
		printf( '<fieldset><legend><strong>%s</strong></legend>', esc_html__( 'Proof of consent', 'gateway-connector' ) );
		self::print_choice(
			User_Sync_Settings::BOX,
			$settings->consent,
			__( 'They tick a box when they register or in their profile, and confirm by email', 'gateway-connector' )
		);
		echo '<div class="gateway-connector-choice">';
		self::print_text(
			'label',
			$settings->label,
			__( 'Text beside the box', 'gateway-connector' ),
			__( 'The box is never ticked in advance. Its text is kept as proof.', 'gateway-connector' ),
			__( 'Yes, send me the newsletter.', 'gateway-connector' )
		);
		echo '</div>';
		self::print_choice(
			User_Sync_Settings::GIVEN,
			$settings->consent,
			__( 'They have already agreed, and I can prove it', 'gateway-connector' )
		);
		echo '<div class="gateway-connector-choice">';
		self::print_text( 'text', $settings->text, __( 'What they agreed to, word for word', 'gateway-connector' ) );
		self::print_text(
			'source',
			$settings->source,
			__( 'Where', 'gateway-connector' ),
			__( 'For example: membership form of 2024.', 'gateway-connector' )
		);
		self::print_text(
			'since',
			$settings->since,
			__( 'Since which day', 'gateway-connector' ),
			__( 'People who registered later agreed on the day of their registration.', 'gateway-connector' ),
			'',
			'date'
		);
		printf(
			'<p class="description">%s</p></div>',
			esc_html__(
				'These users get no confirmation email. The gateway keeps what you enter here as proof. You are responsible for it.',
				'gateway-connector'
			)
		);
		$policy = '' === $settings->policy_url && ! $settings->enabled ? get_privacy_policy_url() : $settings->policy_url;
		self::print_text(
			'policy_url',
			$policy,
			__( 'Privacy policy', 'gateway-connector' ),
			__( 'Linked beside the box and kept with the consent.', 'gateway-connector' ),
			'',
			'url'
		);
		self::print_text(
			'policy_version',
			$settings->policy_version,
			__( 'Policy version', 'gateway-connector' ),
			__( 'For example its date. Change it whenever the policy changes.', 'gateway-connector' )
		);
		echo '</fieldset>';
	}

	private function print_properties(): void {
		$fields = User_Fields::all();
		$rows   = array_merge(
			array_map( 'array_values', Property_Names::rows( $this->settings->properties, $this->settings->unfit_properties ) ),
			array_fill( 0, self::EMPTY_ROWS, array( '', '' ) )
		);
		printf( '<fieldset><legend><strong>%s</strong></legend>', esc_html__( 'Contact properties', 'gateway-connector' ) );
		foreach ( Property_Names::errors( $this->settings->properties, $this->settings->unfit_properties ) as $error ) {
			printf( '<div class="notice notice-error inline"><p>%s</p></div>', esc_html( $error ) );
		}
		foreach ( $rows as $index => list( $property, $field ) ) {
			printf(
				'<p class="gateway-connector-pair"><input type="text" name="users[properties][%1$d][name]" value="%2$s"'
					. ' placeholder="%3$s" aria-label="%4$s" maxlength="%5$d" /> ← ',
				(int) $index,
				esc_attr( $property ),
				esc_attr__( 'Property, e.g. city', 'gateway-connector' ),
				esc_attr__( 'Property', 'gateway-connector' ),
				(int) Property_Names::MAX_LENGTH
			);
			self::print_menu( "users[properties][{$index}][field]", __( 'Field', 'gateway-connector' ), $field, $fields );
			echo '</p>';
		}
		self::print_more( __( 'Add a property', 'gateway-connector' ) );
		printf(
			'<p class="description">%s</p></fieldset>',
			esc_html__(
				'Address, name and language are always sent. Choose here what else the gateway keeps about the person.',
				'gateway-connector'
			)
		);
	}

	/**
	 * A menu. A choice that no longer exists stays visible, so that saving the page does not lose it.
	 *
	 * @param array<string,string> $options Labels by value.
	 */
	public static function print_menu( string $name, string $label, string $current, array $options ): void {
		if ( '' !== $current && ! isset( $options[ $current ] ) ) {
			/* translators: %s: name of a field or list */
			$options[ $current ] = sprintf( __( '%s (not found)', 'gateway-connector' ), $current );
		}
		printf(
			'<select name="%s" aria-label="%s"><option value="">%s</option>',
			esc_attr( $name ),
			esc_attr( $label ),
			esc_html__( '— none —', 'gateway-connector' )
		);
		foreach ( $options as $value => $text ) {
			printf(
				'<option value="%s" %s>%s</option>',
				esc_attr( (string) $value ),
				selected( (string) $value, $current, false ),
				esc_html( $text )
			);
		}
		echo '</select>';
	}

	private static function print_choice( string $value, string $current, string $label ): void {
		printf(
			'<p><label><input type="radio" name="users[consent]" value="%s" %s /> %s</label></p>',
			esc_attr( $value ),
			checked( $value, $current, false ),
			esc_html( $label )
		);
	}

	private static function print_text(
		string $member,
		string $value,
		string $label,
		string $help = '',
		string $placeholder = '',
		string $type = 'text'
	): void {
		$id = 'gateway-connector-users-' . $member;
		printf(
			'<p><label for="%1$s">%2$s</label><br />'
				. '<input type="%3$s" class="regular-text" id="%1$s" name="users[%4$s]" value="%5$s" placeholder="%6$s"%7$s /></p>',
			esc_attr( $id ),
			esc_html( $label ),
			esc_attr( $type ),
			esc_attr( $member ),
			esc_attr( $value ),
			esc_attr( $placeholder ),
			'' === $help ? '' : ' aria-describedby="' . esc_attr( $id ) . '-help"'
		);
		if ( '' !== $help ) {
			printf( '<p class="description" id="%s-help">%s</p>', esc_attr( $id ), esc_html( $help ) );
		}
	}

	/**
	 * A button with which the script adds a row.
	 */
	private static function print_more( string $label ): void {
		printf( '<p><button type="button" class="button gateway-connector-more" hidden>%s</button></p>', esc_html( $label ) );
	}
}
